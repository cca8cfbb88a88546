"""The confined side: runs the student's code, knows no test, no solution, no expected value."""
