"""The judge: runs the graded tests on a submission, shares out points, names known mistakes."""
