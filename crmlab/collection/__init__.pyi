from .simulate import simulate_records as simulate_records

__all__: list[str]
