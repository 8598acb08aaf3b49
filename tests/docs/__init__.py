"""Pages of docs/ that are made from the code and the policy, never written by hand: `./run docs`."""
