"""What every room stands on and no room is named in: HTTP, GraphQL, transactions, jobs, blobs."""
