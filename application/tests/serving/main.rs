//! An application and its suppliers: requests that are answered, whatever some suppliers do.

mod fake;
mod gateway;
mod load;
mod relays;
mod world;
