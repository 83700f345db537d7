"""The lesson view: ES modules that JupyterLab and Notebook 7 load as one extension, without a bundler.

Nothing here is Python: the server of a room lays the files where its pages find them (`rounds.room.pages`).
"""
