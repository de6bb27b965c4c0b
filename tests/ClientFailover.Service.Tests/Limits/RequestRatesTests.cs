using System.Net;
using ClientFailover.Service.Hosting;
using ClientFailover.Service.Identity;
using ClientFailover.Service.Limits;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Limits;

public sealed class RequestRatesTests
{
    private static readonly IPAddress Here = IPAddress.Parse("192.0.2.1");
    private static readonly IPAddress There = IPAddress.Parse("192.0.2.2");
    private static readonly Caller Alice = new("alice", CallerKind.User, "alice", null, [Roles.Users], "Basic");

    private readonly FakeTimeProvider _time = new();

    [Test]
    public void TryTake_OneCallerHasSpentItsOwn_OthersHaveTheirs()
    {
        var rates = new RequestRates(new ServiceOptions { MaxRequestsPerSecondPerCaller = 1 }, _time);
        rates.TryTake(Alice, Here, out _);
        rates.TryTake(Alice, Here, out _);

        Assert.That(rates.TryTake(Alice, Here, out var wait), Is.False);
        Assert.That(wait, Is.EqualTo(TimeSpan.FromSeconds(1)));
        Assert.That(rates.TryTake(Alice with { ObjectId = "bob" }, Here, out _), Is.True);
        Assert.That(rates.TryTake(Alice with { TenantId = "acme" }, Here, out _), Is.True);
        Assert.That(rates.TryTake(Alice with { Name = "a name of its own choice" }, Here, out _), Is.False);
        Assert.That(rates.TryTake(Alice, There, out _), Is.True, "The same account elsewhere: nobody locks it out everywhere.");
        Assert.That(rates.TryTake(null, Here, out _), Is.True);
    }

    [Test]
    public void TryTakeProbe_AddressHasSpentItsOwn_IsCountedApart()
    {
        var rates = new RequestRates(new ServiceOptions { MaxRequestsPerSecondPerCaller = 1 }, _time);
        while (rates.TryTake(null, Here, out _))
        {
            // A flood without credentials.
        }

        Assert.That(Enumerable.Range(0, 3).Select(_ => rates.TryTakeProbe(Here, out TimeSpan _)), Is.EqualTo(new[] { true, true, false }));
        Assert.That(rates.TryTakeProbe(There, out _), Is.True);
    }

    [Test]
    public void Charge_FarMoreThanACallerMayMake_IsOwedForTenSecondsAtMost()
    {
        var rates = new RequestRates(new ServiceOptions { MaxRequestsPerSecondPerCaller = 1000 }, _time);
        var http = new DefaultHttpContext { User = new CallerPrincipal(Alice) };
        http.Connection.RemoteIpAddress = Here;

        rates.Charge(http, items: 1_000_000 * RequestRates.ItemsPerRequest);
        rates.Charge(http, items: 1_000_000 * RequestRates.ItemsPerRequest);

        Assert.That(rates.TryTake(Alice, Here, out var wait), Is.False);
        Assert.That(wait, Is.EqualTo(TimeSpan.FromSeconds(10)));
        _time.Advance(wait);
        Assert.That(rates.TryTake(Alice, Here, out _), Is.True);
    }

    [Test]
    public void TryTake_MoreCallersThanAreToldApart_ShareOneRate()
    {
        var rates = new RequestRates(new ServiceOptions { MaxRequestsPerSecondPerCaller = 1 }, _time);
        for (var i = 0; i < RequestRates.Capacity; i++)
        {
            rates.TryTake(null, new IPAddress(i + 1), out _);
        }

        var strangers = Enumerable.Range(0, 10).Count(i => rates.TryTake(null, new IPAddress(RequestRates.Capacity + 1 + i), out _));
        Assert.That(strangers, Is.EqualTo(2));
        Assert.That(rates.TryTake(null, new IPAddress(1), out _), Is.True, "Who was known before has its own.");

        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.That(Enumerable.Range(0, 10).All(i => rates.TryTake(null, new IPAddress(RequestRates.Capacity + 1 + i), out _)), Is.True);
    }
}
