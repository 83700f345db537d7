"""The questions of each tutorial, with a reply to every option; one module each."""
