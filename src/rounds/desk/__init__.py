"""The desk: the event's own web pages, a service of the hub.

`create_desk` builds it; ``python -m rounds.desk --state FOLDER`` runs it with the environment that the hub gives to a
service.  It speaks with the hub over HTTP only and never imports it.
"""
