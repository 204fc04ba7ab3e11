"""The demonstration: child processes, made-up data, outside stand-ins, and the walk that checks it all."""
