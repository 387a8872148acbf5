"""What happens around runs: decisions applied in the home, jobs for people who have no terminal. Plain Python."""
