"""The trainer: one thread that runs a program, answers through a mailbox of size one, and never touches Qt."""
