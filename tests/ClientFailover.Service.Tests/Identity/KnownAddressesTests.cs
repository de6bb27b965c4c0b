using System.Net;
using ClientFailover.Service.Hosting;
using ClientFailover.Service.Identity;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Identity;

public sealed class KnownAddressesTests
{
    private static readonly IPAddress Here = IPAddress.Parse("192.0.2.1");

    private TemporaryDirectory _directory = null!;
    private DataDirectory _data = null!;
    private FakeTimeProvider _time = null!;
    private RecordingLogger<KnownAddresses> _log = null!;

    [SetUp]
    public void SetUp()
    {
        _directory = new TemporaryDirectory();
        _data = DataDirectory.Open(_directory.Path);
        _time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 30, 6, 0, 0, TimeSpan.Zero));
        _log = new RecordingLogger<KnownAddresses>();
    }

    [TearDown]
    public void TearDown()
    {
        _data.Dispose();
        _directory.Dispose();
    }

    [Test]
    public void Add_ThenKilled_IsKnownAtTheNextStart()
    {
        using var before = Open();
        before.Add("A", Here);
        before.Add("A", IPAddress.Parse("2001:db8::"));
        _time.Advance(TimeSpan.FromSeconds(5));

        using var after = Open();

        Assert.That((after.Contains("A", Here), after.Contains("A", IPAddress.Parse("2001:db8::")), after.Contains("B", Here)), Is.EqualTo((true, true, false)));
        Assert.That(PrivateFiles.IsPrivate(_data.File(KnownAddresses.FileName)), Is.True);
    }

    [Test]
    public void Dispose_WhatWasNotWritten_IsWritten()
    {
        Open(k => k.Add("A", Here));

        Open(k => Assert.That(k.Contains("A", Here), Is.True));
    }

    [Test]
    public void Restore_NotUsedForMonths_IsForgotten()
    {
        Open(k => k.Add("A", Here));

        _time.Advance(KnownAddresses.Retention);
        Open(k => Assert.That(k.Contains("A", Here), Is.True));
        _time.Advance(TimeSpan.FromDays(1));
        Open(k => Assert.That(k.Contains("A", Here), Is.False));
    }

    [Test]
    public void Restore_UsedAgainMeanwhile_IsKept()
    {
        Open(k => k.Add("A", Here));
        _time.Advance(TimeSpan.FromDays(60));
        Open(k => k.Add("A", Here));

        _time.Advance(TimeSpan.FromDays(60));

        Open(k => Assert.That(k.Contains("A", Here), Is.True));
    }

    [TestCase("")]
    [TestCase("null")]
    [TestCase("{}")]
    [TestCase("[null,{},{\"Name\":\"A\",\"Network\":\"nowhere\",\"Day\":\"2026-11-30\"}]")]
    [TestCase("[{\"Name\":\"A\",\"Network\":\"192.0.2.1\",\"Day\":5}]")]
    public void Restore_DamagedFile_StartsWithNone(string content)
    {
        File.WriteAllText(_data.File(KnownAddresses.FileName), content);

        Open(k => Assert.That(k.Count, Is.Zero));
    }

    [Test]
    public void Add_FromEverywhere_KeepsTheNewestOfAnAccountAndOthersAsTheyAre()
    {
        using var known = Open();
        known.Add("OTHER", Here);
        for (var i = 0; i < KnownAddresses.PerName + 100; i++)
        {
            known.Add("A", new IPAddress(i));
        }

        Assert.That(known.Count, Is.EqualTo(KnownAddresses.PerName + 1));
        Assert.That(known.Contains("OTHER", Here), Is.True);
    }

    [Test]
    public void Add_TooManyAccounts_ForgetsTheLongestUnused()
    {
        using var known = Open();
        known.Add("FIRST", Here);
        _time.Advance(TimeSpan.FromDays(1));
        for (var i = 0; i < KnownAddresses.Capacity; i++)
        {
            known.Add($"A{i}", Here);
        }

        Assert.That((known.Count, known.Contains("FIRST", Here)), Is.EqualTo((KnownAddresses.Capacity, false)));
    }

    [Test]
    public void Save_CannotBeWritten_IsToldAndHoldsNobodyUp()
    {
        Directory.CreateDirectory(_data.File(KnownAddresses.FileName + ".new"));

        Open(k => k.Add("A", Here));

        Assert.That(_log.Entries, Has.Count.EqualTo(1));
    }

    private KnownAddresses Open() => new(_data, _time, _log);

    private void Open(Action<KnownAddresses> act)
    {
        using var known = Open();
        act(known);
    }
}
