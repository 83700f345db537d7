"""What signing in at the hub needs beside the forms: passwords hashed beside the hub's loop, the caller's address."""
