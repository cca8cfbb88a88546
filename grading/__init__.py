"""The grader's inside: what judges a submission, and the confined side that runs it."""
