"""How far a class is: submissions collected, restored, run again, and reported."""
