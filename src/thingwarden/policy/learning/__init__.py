"""Facts of a site -> what each device needs: a policy, and how far learning has come."""
