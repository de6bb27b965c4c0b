using ClientFailover.Client.Connection;

namespace ClientFailover.Client.Testing;

/// <summary>Stub.</summary>
public sealed class FakeFailoverService : ITransport
{
    Task<ILink> ITransport.OpenAsync(Endpoint endpoint, JoinRequest request, CancellationToken cancellation) => throw new NotSupportedException();
}
