"""What is offered to a worker: the list of the day, made ready at night, told in quiet ways."""
