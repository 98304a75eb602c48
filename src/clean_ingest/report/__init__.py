"""What people and programs are shown: one module a format, no reading and no deciding."""
