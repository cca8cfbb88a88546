"""What crosses to the worker and back: tensors, other values, and words, made fit for the wire."""
