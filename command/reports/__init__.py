"""What is reported upward: the chain of an incident, its grade, losses by town, documents that a person releases."""
