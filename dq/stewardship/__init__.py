"""What people may do: one action is one function, one transaction, one audit row. Reads give people what is theirs."""
