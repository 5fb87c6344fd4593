"""What others wrote, as modules: skills, lessons, pages, quizzes. Pure: text in, text out; files are only named."""
