"""What leaves the desk: drafts from facts, checks, review, the outbox's rules and the channels.

Must not know the store, the console, or any other organ.
"""
