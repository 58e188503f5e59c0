//! Where everything listens.

use std::net::{Ipv4Addr, SocketAddr};

/// All addresses, derived from one number.
#[derive(Debug, Clone, Copy)]
pub struct Ports {
    base: u16,
}

impl Ports {
    pub const fn from_base(base: u16) -> Self {
        Self { base }
    }

    pub fn our_ingress(self) -> SocketAddr {
        self.at(117)
    }

    pub fn our_listener(self) -> SocketAddr {
        self.at(118)
    }

    pub fn robot_ingress(self) -> SocketAddr {
        self.at(217)
    }

    pub fn robot_listener(self) -> SocketAddr {
        self.at(218)
    }

    pub fn sandbox(self) -> SocketAddr {
        self.at(300)
    }

    fn at(self, offset: u16) -> SocketAddr {
        (Ipv4Addr::LOCALHOST, self.base + offset).into()
    }
}
