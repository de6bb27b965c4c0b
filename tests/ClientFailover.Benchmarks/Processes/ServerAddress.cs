using System.Net;

namespace ClientFailover.Benchmarks.Processes;

/// <summary>Where a server is reached, and by whom.</summary>
/// <param name="Grpc">Cleartext HTTP/2.</param>
/// <param name="Rest">Cleartext HTTP/1.1.</param>
/// <param name="Authorization">The value of the Authorization header.</param>
/// <param name="Tls">Both over TLS; null: it does not listen for that.</param>
internal sealed record ServerAddress(IPEndPoint Grpc, IPEndPoint Rest, string Authorization, IPEndPoint? Tls = null);
