using ClientFailover.Client.Connection;
using ClientFailover.Client.Connection.Roles;
using ClientFailover.Client.Connection.Sessions;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace ClientFailover.Client.Tests.Connection.Sessions;

/// <summary>A stop that comes while a connection ends must not wait for it: who stops holds up a machine that shuts down.</summary>
public sealed class LeaveTests
{
    [Test]
    public async Task Leave_LinkHasEndedJustBefore_FailsAtOnce()
    {
        var time = new FakeTimeProvider(FakeRig.Start);
        await using var member = new MemberCalls(new TestMember(), time, NullLogger.Instance);
        var roles = new RoleKeeper(new RoleBoard(time.GetUtcNow()), member, time, stepDown: false, NullLogger.Instance)
        {
            FailoverTimeout = TimeSpan.FromSeconds(60),
        };
        await using var link = new ScriptedTransport.Link("", ConnectionState.Stream);
        var session = new LinkSession(link, roles, member, time, NullLogger.Instance);
        session.Dispose();

        var leaving = session.LeaveAsync(unregister: true);

        Assert.That(() => leaving.Soon(), Throws.InstanceOf<LinkException>().With.Message.EqualTo("the connection ended"));
    }
}
