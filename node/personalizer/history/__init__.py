"""Work history that a worker brings along, read into pieces. Nothing counts before the worker has seen and chosen it.

pieces → resume, plain_list, table, statements, commits → reading
"""
