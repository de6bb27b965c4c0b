using ClientFailover.Service.Configuration;
using ClientFailover.Service.Groups;
using ClientFailover.Service.Hosting;
using ClientFailover.Service.Storage;
using ClientFailover.Service.Tests.Groups;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Configuration;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ConfigurationStoreTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly DataDirectory _data;
    private readonly ManualStore _store = new() { AnswersAtOnce = false };
    private readonly FakeTimeProvider _time = new();
    private readonly RecordingLogger<ConfigurationStore> _log = new();
    private readonly SecretProtection _protection;
    private readonly ConfigurationStore _configuration;
    private readonly List<LogLevel?> _told = [];

    public ConfigurationStoreTests()
    {
        _data = DataDirectory.Open(_directory.Path);
        _protection = new SecretProtection(_data, new ServiceOptions(), new RecordingLogger<SecretProtection>());
        _configuration = new ConfigurationStore(_store, _protection, new ServiceClock(_time), _log);
        _configuration.Changed += c => _told.Add(c.Level);
    }

    public void Dispose()
    {
        _configuration.Dispose();
        _data.Dispose();
        _directory.Dispose();
    }

    [Test]
    public async Task ChangeAsync_Durable_IsInForceThenAndNotBefore()
    {
        var change = SetAsync(LogLevel.Debug);
        Assert.That((_configuration.Current.Level, _told.Count), Is.EqualTo(((LogLevel?)null, 0)));

        _store.Answer();
        await change;

        Assert.That(_configuration.Current.Level, Is.EqualTo(LogLevel.Debug));
        Assert.That(_told, Is.EqualTo(new LogLevel?[] { LogLevel.Debug }));
    }

    [Test]
    public async Task ChangeAsync_Refused_ChangesNothingAndSaysWhy()
    {
        _store.Health = new StoreHealth(false, "the disk is full");
        var change = SetAsync(LogLevel.Debug);
        _store.Answer(StoreOutcome.Refused);

        Assert.That(async () => await change, Throws.TypeOf<StoreUnavailableException>().With.Message.EqualTo("the disk is full"));
        Assert.That((_configuration.Current.Level, _told.Count), Is.EqualTo(((LogLevel?)null, 0)));

        var next = SetAsync(LogLevel.Error);
        _store.Answer();
        await next;
        Assert.That(_configuration.Current.Level, Is.EqualTo(LogLevel.Error));
    }

    [Test]
    public async Task ChangeAsync_SecondWhileTheFirstIsUnderWay_StartsFromIt()
    {
        var first = SetAsync(LogLevel.Debug);
        LogLevel? seen = null;
        var second = _configuration.ChangeAsync(c => c with { Level = (seen = c.Level) == LogLevel.Debug ? LogLevel.Error : null }, default);
        Assert.That(_store.Waiting, Is.EqualTo(1));

        _store.AnswersAtOnce = true;
        _store.Answer();
        await first;
        await second;

        Assert.That((seen, _configuration.Current.Level), Is.EqualTo(((LogLevel?)LogLevel.Debug, (LogLevel?)LogLevel.Error)));
    }

    [Test]
    public async Task ChangeAsync_WhatMakesItThrows_ThrowsAndLetsTheNextIn()
    {
        Assert.That(
            async () => await _configuration.ChangeAsync(_ => throw new InvalidDataException("no"), default), Throws.TypeOf<InvalidDataException>());

        var next = SetAsync(LogLevel.Debug);
        _store.Answer();
        await next;
    }

    [Test]
    public void ChangeAsync_StoreDoesNotAnswer_SaysSo()
    {
        var change = SetAsync(LogLevel.Debug);
        _time.Advance(TimeSpan.FromSeconds(10));

        Assert.That(async () => await change, Throws.TypeOf<StoreUnavailableException>().With.Message.Contains("10 seconds"));
    }

    [Test]
    public void Restore_SecretThatCannotBeDecrypted_IsToldAndKept()
    {
        var good = Endpoint("good", _protection.Protect("secret"));
        var lost = Endpoint("lost", new ProtectedSecret("of other keys"));
        var stored = new ServiceConfiguration(LogLevel.Warning, [good, lost]);

        _configuration.Restore(stored);

        Assert.That(_configuration.Current, Is.SameAs(stored));
        Assert.That(_told, Is.EqualTo(new LogLevel?[] { LogLevel.Warning }));
        Assert.That((_configuration.IsUnreadable(good), _configuration.IsUnreadable(lost)), Is.EqualTo((false, true)));
        var (level, id, text) = _log.Entries.Single();
        Assert.That((level, id), Is.EqualTo((LogLevel.Error, 6101)));
        Assert.That(text, Does.Contain("health endpoint lost").And.Contain(_directory.File("keys")).And.Contain("set the secret again"));
    }

    [Test]
    public void Restore_NothingStored_MakesNoKeys()
    {
        _configuration.Restore(ServiceConfiguration.Empty);

        Assert.That(Directory.Exists(_directory.File("keys")), Is.False);
    }

    [Test]
    public void Text_OfAConfiguration_IsReadAsItWas()
    {
        var endpoint = new HealthEndpoint("a", "https://h/omf", null, null, "c", new ProtectedSecret("x"), "https://h/token", false);
        var text = ConfigurationText.Write(new ServiceConfiguration(LogLevel.Trace, [endpoint, Endpoint("b", null)]));

        Assert.That(
            text,
            Is.EqualTo(
                """{"HealthEndpoints":[{"Id":"a","Endpoint":"https://h/omf","ClientId":"c","ClientSecret":"x","TokenEndpoint":"https://h/token","ValidateEndpointCertificate":false},{"Id":"b","Endpoint":"https://h/omf"}],"Level":0}"""));
        Assert.That(ConfigurationText.Write(ConfigurationText.Read(text)), Is.EqualTo(text));
        Assert.That(ConfigurationText.Write(ConfigurationText.Read(ConfigurationText.Write(ServiceConfiguration.Empty))), Is.EqualTo("""{"HealthEndpoints":[]}"""));
    }

    [TestCase("""{"HealthEndpoints":[],"Level":9}""")]
    [TestCase("""{"HealthEndpoints":[{"Id":"a"}]}""")]
    [TestCase("""{"HealthEndpoints":[{"Id":"a","Endpoint":"x","Password":1}]}""")]
    [TestCase("{}")]
    [TestCase("null")]
    [TestCase("[")]
    public void Read_NoConfiguration_Fails(string text) =>
        Assert.That(() => ConfigurationText.Read(text), Throws.InstanceOf<System.Text.Json.JsonException>());

    private static HealthEndpoint Endpoint(string id, ProtectedSecret? password) =>
        new(id, "https://h/omf", password is null ? null : "u", password, null, null, null, null);

    private Task SetAsync(LogLevel level) => _configuration.ChangeAsync(c => c with { Level = level }, default);
}
