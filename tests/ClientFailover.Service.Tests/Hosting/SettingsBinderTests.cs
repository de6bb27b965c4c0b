using ClientFailover.Service.Hosting;
using Microsoft.Extensions.Configuration;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Hosting;

public class SettingsBinderTests
{
    private readonly List<string> _mistakes = [];

    [SetUp]
    public void SetUp() => _mistakes.Clear();

    [Test]
    public void Bind_Nothing_IsDefaults()
    {
        var options = Bind([]);

        Assert.That(options, Is.EqualTo(new ServiceOptions()));
        Assert.That(_mistakes, Is.Empty);
    }

    [Test]
    public void Bind_OneOfEachKind_IsRead()
    {
        var options = Bind(new()
        {
            ["port"] = "1234",
            ["CleartextHttpPort"] = "0",
            ["Address"] = " :: ",
            ["FailoverTimeout"] = null,
            ["HeartbeatTolerance"] = "00:00:01.5",
            ["MinimumHeartbeatInterval"] = "0.5",
            ["MaximumFailoverTimeout"] = "2.00:00:00",
        });

        Assert.That(
            options,
            Is.EqualTo(new ServiceOptions
            {
                Port = 1234,
                CleartextHttpPort = 0,
                Address = "::",
                HeartbeatTolerance = TimeSpan.FromSeconds(1.5),
                MinimumHeartbeatInterval = 0.5,
                MaximumFailoverTimeout = TimeSpan.FromDays(2),
            }));
        Assert.That(_mistakes, Is.EqualTo(new[] { "FailoverTimeout is not a setting of the service (--help lists them)." }));
    }

    [Test]
    public void Bind_EmptyValue_IsDefault()
    {
        var options = Bind(new() { ["Port"] = string.Empty, ["MinimumHoldTime"] = string.Empty });

        Assert.That(options, Is.EqualTo(new ServiceOptions()));
        Assert.That(_mistakes, Is.Empty);
    }

    [Test]
    public void Bind_SeveralMistakes_ReportsAll()
    {
        Bind(new()
        {
            ["Port"] = "https",
            ["DrainTimeout"] = "5",
            ["MinimumHeartbeatInterval"] = "x",
            ["Prot"] = "1",
            ["Address:0"] = "::",
        });

        Assert.That(
            _mistakes,
            Is.EquivalentTo(new[]
            {
                "Port is 'https'; it must be a whole number.",
                "DrainTimeout is '5'; it must be a time span [d.]hh:mm:ss[.fffffff], such as 00:01:00 for a minute.",
                "MinimumHeartbeatInterval is 'x'; it must be a number.",
                "Prot is not a setting of the service (--help lists them).",
                "Address must be a single value.",
            }));
    }

    [Test]
    public void Settings_EveryProperty_CanBeSet()
    {
        foreach (var property in SettingsBinder.Settings.Values)
        {
            var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            Bind(new() { [property.Name] = type == typeof(TimeSpan) ? "00:00:01" : type == typeof(bool) ? "true" : "1" });

            Assert.That(_mistakes, Is.Empty, property.Name);
        }
    }

    private ServiceOptions Bind(Dictionary<string, string?> values)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(values.Select(v => KeyValuePair.Create($"ClientFailover:{v.Key}", v.Value)))
            .Build();
        return SettingsBinder.Bind(configuration.GetSection(ServiceOptions.Section), _mistakes);
    }
}
