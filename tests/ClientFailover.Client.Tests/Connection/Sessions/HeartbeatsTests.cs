using ClientFailover.Client.Connection;
using ClientFailover.Client.Connection.Roles;
using ClientFailover.Client.Connection.Sessions;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace ClientFailover.Client.Tests.Connection.Sessions;

/// <summary>What an answer to a heartbeat proves, and what a heartbeat has told.</summary>
[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class HeartbeatsTests : IAsyncDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    private readonly FakeTimeProvider _time = new(FakeRig.Start);
    private readonly TestMember _tested = new();
    private readonly MemberCalls _member;
    private readonly RoleKeeper _roles;

    public HeartbeatsTests()
    {
        _member = new MemberCalls(_tested, _time, NullLogger.Instance);
        _roles = new RoleKeeper(new RoleBoard(_time.GetUtcNow()), _member, _time, stepDown: true, NullLogger.Instance) { FailoverTimeout = Timeout };
    }

    public ValueTask DisposeAsync() => _member.DisposeAsync();

    [Test]
    public async Task Soon_WhileTheReportIsOnItsWay_NextOneAfterTheLeastGap()
    {
        await using var link = new ScriptedTransport.Link("", ConnectionState.Stream);
        var beats = new Heartbeats(link, _roles, _member, _time);
        _tested.OnReport = () =>
        {
            // What is told from here on is not in the report.
            beats.Soon();
            return new AdapterReport(100, null);
        };

        await beats.SendAsync(CancellationToken.None);

        Assert.That(beats.Wait(), Is.EqualTo(TimeSpan.FromSeconds(0.8)));
    }

    // Over REST the one who refuses may be a proxy before a service that is gone.
    [TestCase(ConnectionState.Rest, 35)]
    [TestCase(ConnectionState.Stream, 45)]
    public async Task TooSoon_Told_RenewsTheLeaseOverAStreamOnly(ConnectionState kind, double left)
    {
        await using var link = new ScriptedTransport.Link("", kind);
        var beats = new Heartbeats(link, _roles, _member, _time);
        await beats.SendAsync(CancellationToken.None);
        beats.Answered(1, FailoverRole.Primary);
        _ = _roles.TakeAsync(new Told.Reply(1, FailoverRole.Primary, null, null));
        _time.Advance(TimeSpan.FromSeconds(10));
        await beats.SendAsync(CancellationToken.None);

        beats.TooSoon(new Told.TooSoon(2, null));

        Assert.That(_roles.LeaseLeft, Is.EqualTo(TimeSpan.FromSeconds(left)));
    }

    [Test]
    public async Task Invalid_Told_IsAnAnswerThatRenewsNoLease()
    {
        await using var link = new ScriptedTransport.Link("", ConnectionState.Stream);
        var beats = new Heartbeats(link, _roles, _member, _time);
        await beats.SendAsync(CancellationToken.None);
        beats.Answered(1, FailoverRole.Primary);
        _ = _roles.TakeAsync(new Told.Reply(1, FailoverRole.Primary, null, null));
        await beats.SendAsync(CancellationToken.None);

        beats.Invalid(new Told.Invalid(2, "The score is no number."));
        _time.Advance(TimeSpan.FromSeconds(40));

        Assert.That(beats.Wait, Throws.Nothing, "The service has answered.");
        Assert.That(_roles.LeaseLeft, Is.EqualTo(TimeSpan.FromSeconds(5)));
    }
}
