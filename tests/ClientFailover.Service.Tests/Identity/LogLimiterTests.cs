using ClientFailover.Service.Identity;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Identity;

public sealed class LogLimiterTests
{
    [Test]
    public void MayLog_ManyOfOneKind_AFewAMinuteAndOthersAsBefore()
    {
        var time = new FakeTimeProvider();
        var limiter = new LogLimiter(time);

        Assert.That(Enumerable.Range(0, 100).Count(_ => limiter.MayLog("a")), Is.EqualTo(LogLimiter.Lines));
        Assert.That(limiter.MayLog("b"), Is.True);
        time.Advance(LogLimiter.Window);
        Assert.That(Enumerable.Range(0, 100).Count(_ => limiter.MayLog("a")), Is.EqualTo(LogLimiter.Lines));
    }
}
