//! The one-time-password login of a CodeGrade server.

pub mod pow;
