using System.Globalization;
using ClientFailover.Service.Hosting;
using ClientFailover.Service.Identity;
using ClientFailover.Service.Identity.Basic;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Identity;

public class CredentialCacheTests
{
    private readonly UserAccount _account = new("a", "hash", Roles.Users);
    private FakeTimeProvider _time = null!;
    private CredentialCache _cache = null!;

    [SetUp]
    public void SetUp()
    {
        _time = new FakeTimeProvider();
        _cache = new CredentialCache(_time, new ServiceOptions { MaxRememberedCredentials = 1_000 });
    }

    [Test]
    public void KeyOf_TwoCaches_UseKeysOfTheirOwn()
    {
        Assert.That(_cache.KeyOf("Basic a"), Is.EqualTo(_cache.KeyOf("Basic a")));
        Assert.That(_cache.KeyOf("Basic a"), Is.Not.EqualTo(_cache.KeyOf("Basic b")));
        Assert.That(_cache.KeyOf("Basic a"), Is.Not.EqualTo(new CredentialCache(_time, new ServiceOptions()).KeyOf("Basic a")));
    }

    [Test]
    public void TryGet_Added_IsFoundUntilUnusedForItsLifetime()
    {
        var key = _cache.KeyOf("x");
        _cache.Add(key, new AccountCredential(_account));

        _time.Advance(_cache.Lifetime);
        Assert.That(_cache.TryGet(key, out _), Is.True, "used");
        _time.Advance(_cache.Lifetime);
        Assert.That(_cache.TryGet(key, out _), Is.True, "its use prolonged it");
        _time.Advance(_cache.Lifetime + TimeSpan.FromTicks(1));
        Assert.That(_cache.TryGet(key, out _), Is.False);
        Assert.That(_cache.Count, Is.Zero);
    }

    [Test]
    public void TryGet_AccountRevoked_IsGone()
    {
        var key = _cache.KeyOf("x");
        var account = new UserAccount("b", "hash", Roles.Users);
        _cache.Add(key, new AccountCredential(account));

        account.Revoke();

        Assert.That(_cache.TryGet(key, out _), Is.False);
    }

    [Test]
    public void TryGet_ToBeVerifiedAnew_IsNotTakenButKnownToHaveBeenGood()
    {
        var key = _cache.KeyOf("x");
        _cache.Add(key, new WindowsCredential(TestCallers.Adapter) { VerifyAgain = _cache.Now + TimeSpan.FromMinutes(1) });

        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.That((_cache.TryGet(key, out _), _cache.Contains(key)), Is.EqualTo((false, true)));

        _time.Advance(_cache.Lifetime - TimeSpan.FromMinutes(1) + TimeSpan.FromTicks(1));
        Assert.That((_cache.TryGet(key, out _), _cache.Contains(key), _cache.Count), Is.EqualTo((false, false, 0)));
    }

    [Test]
    public void Remove_ToBeVerifiedAnew_IsForgotten()
    {
        var key = _cache.KeyOf("x");
        _cache.Add(key, new WindowsCredential(TestCallers.Adapter) { VerifyAgain = _cache.Now });

        _cache.Remove(key);

        Assert.That(_cache.Contains(key), Is.False);
    }

    [Test]
    public void Add_BeyondCapacity_DropsTheLongestUnused()
    {
        var first = _cache.KeyOf("0");
        for (var i = 0; i < _cache.Capacity; i++)
        {
            _cache.Add(_cache.KeyOf($"{i}"), new AccountCredential(_account));
            _time.Advance(TimeSpan.FromTicks(1));
        }

        Assert.That(_cache.TryGet(first, out _), Is.True, "now the most recently used");
        _cache.Add(_cache.KeyOf("one more"), new AccountCredential(_account));

        // Room for a hundredth of all is made at a time.
        Assert.That(_cache.Count, Is.EqualTo(_cache.Capacity - (_cache.Capacity / 100) + 1));
        Assert.That(_cache.TryGet(first, out _), Is.True);
        Assert.That(_cache.TryGet(_cache.KeyOf($"{_cache.Capacity / 100}"), out _), Is.False);
        Assert.That(_cache.TryGet(_cache.KeyOf($"{(_cache.Capacity / 100) + 1}"), out _), Is.True);
    }

    [TestCase("1.00:00:00", "1.00:00:00")]
    [TestCase("00:00:05", "00:10:00")]
    public void Lifetime_AnyLongestTimeout_OutlastsTheIntervalOfItsHeartbeats(string longestTimeout, string lifetime)
    {
        var cache = new CredentialCache(_time, new ServiceOptions { MaximumFailoverTimeout = TimeSpan.Parse(longestTimeout, CultureInfo.InvariantCulture) });

        Assert.That(cache.Lifetime, Is.EqualTo(TimeSpan.Parse(lifetime, CultureInfo.InvariantCulture)));
    }
}
