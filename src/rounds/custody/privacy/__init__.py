"""What could point at a person in a dataset, how much, and what was done about it.

``measures`` and ``risks`` count; ``check`` looks; ``deidentify`` changes; ``report`` tells an ethics committee.
"""
