"""What can be done with a case. Services do; models hold."""
