using Grpc.Core;
using NUnit.Framework;

namespace ClientFailover.Client.Tests.Connection.Servers;

/// <summary>Streams whose token expires.</summary>
[TestFixture]
public sealed class RenewalTests
{
    private static readonly V1.ServiceMessage Expiring = new() { Notice = new V1.Notice { Kind = V1.Notice.Types.Kind.CredentialExpiring } };

    [Test]
    public async Task Notice_CredentialExpiring_NextStreamWithANewTokenWhileTheFirstIsOpen()
    {
        await using var tokens = await TokenServer.StartAsync();
        await using var server = await StreamServer.StartAsync();
        await using var rig = NewRig(server, tokens);
        var first = await JoinAsync(server);
        await rig.Member.NextAsync(FailoverRole.Primary);
        var whilePrimary = rig.Client.WhilePrimary;

        await first.TellAsync(Expiring);
        var second = await server.AcceptAsync();
        Assert.That(first.Gone.IsCompleted, Is.False);
        first.End(StatusCode.Aborted, "As a service does, before it welcomes the second.");
        await second.WelcomeAsync(V1.Role.Primary, 3);
        await second.BeatAsync();

        Assert.That(server.Authorizations, Is.EqualTo(new[] { "Bearer planted-token-1", "Bearer planted-token-2" }));
        Assert.That(second.Hello.LastKnownTerm, Is.EqualTo(3));
        Assert.That((whilePrimary.IsCancellationRequested, rig.Log.Count(7042), rig.Log.Count(7041)), Is.EqualTo((false, 0, 0)));
    }

    [Test]
    public async Task Notice_NoStreamWithTheNewToken_TriedUntilTheEndThenAnew()
    {
        await using var tokens = await TokenServer.StartAsync();
        await using var server = await StreamServer.StartAsync();
        await using var rig = NewRig(server, tokens);
        var first = await JoinAsync(server);
        await rig.Member.NextAsync(FailoverRole.Primary);
        var whilePrimary = rig.Client.WhilePrimary;
        server.Refuse = _ => new Status(StatusCode.Unavailable, "not now");

        await first.TellAsync(Expiring);
        await rig.Log.LoggedAsync(7045);
        server.Refuse = _ => null;
        first.End(StatusCode.Unauthenticated, "It has expired.");
        var second = await server.AcceptAsync();

        Assert.That(second.Hello.LastKnownTerm, Is.EqualTo(3));
        Assert.That(whilePrimary.IsCancellationRequested, Is.False);
    }

    [Test]
    public async Task Stream_ReplacedWithoutANotice_IsStillSomebodyElses()
    {
        await using var tokens = await TokenServer.StartAsync();
        await using var server = await StreamServer.StartAsync();
        await using var rig = NewRig(server, tokens);
        var first = await JoinAsync(server);

        first.End(StatusCode.Aborted, "Another stream.");

        await rig.Member.NextAsync(s => s.Reason == "SessionReplaced");
    }

    private static Rig NewRig(StreamServer server, TokenServer tokens) => new(server.Endpoint, o =>
    {
        (o.Transport, o.TokenEndpoint) = (FailoverTransport.Stream, tokens.Tokens);
        (o.ClientId, o.ClientSecret) = ("c", "planted-secret");
    });

    private static async Task<ServerStream> JoinAsync(StreamServer server)
    {
        var stream = await server.AcceptAsync();
        await stream.WelcomeAsync(V1.Role.Primary, 3);
        var beat = await stream.BeatAsync();
        await stream.ReplyAsync(beat, V1.Role.Primary, 3);
        return stream;
    }
}
