//! Stand-ins for what cannot be had here: VASP backends with known customers.
