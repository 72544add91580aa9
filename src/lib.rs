mod capi;
mod engine;
mod presence;
mod spooler;
