"""The idea: memories, neurons, orders and the one loop."""
