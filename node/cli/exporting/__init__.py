"""Published modules and tasks as files again, with those whose work they rest on."""
