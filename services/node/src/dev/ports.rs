//! Where everything listens.

use std::net::{Ipv4Addr, SocketAddr};

/// All addresses, derived from one number.
#[derive(Debug, Clone, Copy)]
pub struct Ports {
    base: u16,
    recorded: bool,
}

impl Ports {
    pub const fn from_base(base: u16) -> Self {
        Self { base, recorded: false }
    }

    /// The nodes reach each other by way of a recorder at [`Ports::our_endpoint`] and [`Ports::robot_endpoint`].
    pub const fn recorded(base: u16) -> Self {
        Self { base, recorded: true }
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

    /// Where the directory says that we listen.
    pub fn our_endpoint(self) -> SocketAddr {
        if self.recorded { self.at(128) } else { self.our_listener() }
    }

    /// Where the directory says that the robot listens.
    pub fn robot_endpoint(self) -> SocketAddr {
        if self.recorded { self.at(228) } else { self.robot_listener() }
    }

    pub fn sandbox(self) -> SocketAddr {
        self.at(300)
    }

    fn at(self, offset: u16) -> SocketAddr {
        (Ipv4Addr::LOCALHOST, self.base + offset).into()
    }
}
