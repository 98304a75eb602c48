"""What a person or a program reads of a result; one module a format."""
