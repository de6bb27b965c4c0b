using ClientFailover.Client;
using ClientFailover.Conformance.Client;
using ClientFailover.Conformance.Running;
using ClientFailover.Conformance.Streams;
using Grpc.Core;
using NUnit.Framework;

namespace ClientFailover.Conformance.Identity;

/// <summary>Streams whose tokens expire. They wait for real time to pass: a few seconds.</summary>
[Parallelizable(ParallelScope.All)]
internal sealed class BearerStreamTests : BearerService
{
    [Test]
    public async Task Stream_TokenExpires_NoticeThenUnauthenticatedAndTheRoleIsKept()
    {
        using var administrator = await CallAsAsync(TokenProvider.Administrator);
        using var caller = await CallAsAsync(TokenProvider.ShortLived);
        var group = CallerActions.NewId();
        using var stream = await AdapterStream.JoinAsPrimaryAsync(caller, group, "a");

        var notice = await stream.NoticeAsync();
        var end = await stream.EndAsync();

        Assert.That(notice.Kind, Is.EqualTo(V1.Notice.Types.Kind.CredentialExpiring));
        Assert.That(notice.RetryAfter.ToTimeSpan(), Is.GreaterThan(TimeSpan.Zero).And.LessThanOrEqualTo(Short / 3));
        end.MustBe(StatusCode.Unauthenticated, "CREDENTIAL_ENDED");
        await administrator.LetPassAsync(TimeSpan.FromSeconds(2));
        Assert.That((await administrator.StatusAsync(group)).Primary, Is.EqualTo("a"), "It did not break: its session goes on until its deadline.");
    }

    [Test]
    public async Task Stream_NewOneInTime_TakesTheRoleAlong()
    {
        using var caller = await CallAsAsync(TokenProvider.ShortLived);
        var group = CallerActions.NewId();
        using var stream = await AdapterStream.JoinAsPrimaryAsync(caller, group, "a");
        await stream.NoticeAsync();

        using var again = await CallAsAsync(TokenProvider.User);
        using var next = await AdapterStream.JoinAsync(again, group, "a", h => h.LastKnownTerm = 1);

        Assert.That((next.Welcome.Role, next.Welcome.Term), Is.EqualTo((V1.Role.Primary, 1L)));
        (await stream.EndAsync()).MustBe(StatusCode.Aborted, "STREAM_REPLACED");
    }

    [Test]
    public async Task Watch_TokenExpires_IsUnauthenticated()
    {
        using var caller = await CallAsAsync(TokenProvider.ShortLived);
        using var watcher = Watcher.Open(caller, new V1.WatchEventsRequest());

        (await watcher.EndAsync()).MustBe(StatusCode.Unauthenticated, "CREDENTIAL_ENDED");
    }

    [Test]
    public async Task Adapter_OnTheLibrary_RenewsItsTokensAndStaysPrimary()
    {
        using var administrator = await CallAsAsync(TokenProvider.Administrator);
        var group = CallerActions.NewId();
        using var watcher = Watcher.Open(administrator, new V1.WatchEventsRequest { Group = group });
        await using var adapter = new Adapter(Service, group, "a", FailoverTransport.Stream, o =>
        {
            (o.UserName, o.Password) = (null, null);
            (o.ClientId, o.ClientSecret, o.TokenEndpoint) = (TokenProvider.ShortLived, TokenProvider.Secret, Provider.TokenEndpoint);
        });
        await adapter.UntilAsync(FailoverRole.Primary);
        var whilePrimary = adapter.Client.WhilePrimary;

        // Each token ends the stream that it opened; two ends are outlived.
        await administrator.LetPassAsync(2.5 * Short);

        Assert.That((whilePrimary.IsCancellationRequested, adapter.Client.Connection), Is.EqualTo((false, ConnectionState.Stream)));
        Assert.That(adapter.Member.Told.Select(t => t.Role).SkipWhile(r => r != FailoverRole.Primary).Distinct(), Is.EqualTo(new[] { FailoverRole.Primary }));
        var events = await administrator.Events.ListEventsAsync(new V1.ListEventsRequest { GroupId = group });
        Assert.That(events.Events.Select(e => e.Reason), Does.Not.Contain(V1.Reason.SessionConnectionLost).And.Not.Contain(V1.Reason.SessionTimedOut));
    }
}
