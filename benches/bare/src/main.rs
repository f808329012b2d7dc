//! Answers every request with the bytes of a file: what axum alone costs.
//!
//! `bare FILE` listens on a free port of 127.0.0.1 and says which on its first line.

use std::error::Error;

use axum::Router;
use axum::body::Bytes;
use axum::http::header::CONTENT_TYPE;
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).ok_or("which file?")?;
    let answer = Bytes::from(std::fs::read(path)?);
    // The request's body is read, as anything that answers a POST has to.
    let router = Router::new().fallback(move |_body: Bytes| {
        let answer = answer.clone();
        async move { ([(CONTENT_TYPE, "application/json")], answer) }
    });
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("bare listening on http://{}", listener.local_addr()?);
    axum::serve(listener, router).await?;
    Ok(())
}
