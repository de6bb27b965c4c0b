using System.Diagnostics;
using System.IO.Compression;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Xml.Linq;
using NUnit.Framework;

namespace ClientFailover.Client.Tests;

/// <summary>What is given away: the package as a release makes it, of what was built for these tests.</summary>
public sealed class PackageTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private string _folder = "";

    [OneTimeSetUp]
    public async Task Pack()
    {
        _folder = Directory.CreateTempSubdirectory("client-failover-package-").FullName;
        var configuration = typeof(PackageTests).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;
        var project = Path.Combine(Root(), "src", "ClientFailover.Client");
        var start = new ProcessStartInfo("dotnet", ["pack", project, "--no-build", "--configuration", configuration, "--output", _folder])
        {
            RedirectStandardOutput = true,
        };

        // What the runner of these tests says to the build that it is part of is not meant for this one.
        foreach (var name in start.Environment.Keys.Where(n => n.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToList())
        {
            start.Environment.Remove(name);
        }

        using var packing = Process.Start(start)!;
        try
        {
            var output = await packing.StandardOutput.ReadToEndAsync().WaitAsync(Patience);
            await packing.WaitForExitAsync().WaitAsync(Patience);
            Assert.That(packing.ExitCode, Is.Zero, output);
        }
        finally
        {
            packing.Kill(entireProcessTree: true);
        }
    }

    [OneTimeTearDown]
    public void Clean() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void Package_Made_HoldsLibraryDocumentationReadmeAndSymbols()
    {
        Assert.That(
            Files("nupkg"),
            Is.SupersetOf(new[] { "README.md", "lib/net10.0/ClientFailover.Client.dll", "lib/net10.0/ClientFailover.Client.xml" }));
        Assert.That(Files("snupkg"), Does.Contain("lib/net10.0/ClientFailover.Client.pdb"));
    }

    [Test]
    public void Package_Made_NeedsNeitherEngineNorService()
    {
        var dependencies = Metadata("dependency").Select(d => d.Attribute("id")!.Value).ToList();

        Assert.That(dependencies, Is.Not.Empty.And.None.StartsWith("ClientFailover"));
        Assert.That(Files("nupkg").Where(f => f.EndsWith(".dll", StringComparison.Ordinal)), Has.Exactly(1).Items);
    }

    [Test]
    public void Package_MadeFromARepository_NamesTheCommit()
    {
        Assume.That(Path.Exists(Path.Combine(Root(), ".git")), "Sources without their repository.");

        var repository = Metadata("repository").Single();

        Assert.That(repository.Attribute("type")!.Value, Is.EqualTo("git"));
        Assert.That(repository.Attribute("commit")!.Value, Does.Match("^[0-9a-f]{40}$"));
    }

    [Test]
    public void Package_Made_NamesLicenseReadmeAndDescription()
    {
        Assert.That(Metadata("license").Single().Value, Is.EqualTo("Apache-2.0"));
        Assert.That(Metadata("readme").Single().Value, Is.EqualTo("README.md"));
        Assert.That(Metadata("description").Single().Value, Is.Not.Empty);
    }

    private List<string> Files(string extension)
    {
        using var package = ZipFile.OpenRead(Directory.GetFiles(_folder, $"*.{extension}").Single());
        return [.. package.Entries.Select(e => e.FullName)];
    }

    private List<XElement> Metadata(string name)
    {
        using var package = ZipFile.OpenRead(Directory.GetFiles(_folder, "*.nupkg").Single());
        using var description = package.GetEntry("ClientFailover.Client.nuspec")!.Open();
        return [.. XDocument.Load(description).Descendants().Where(e => e.Name.LocalName == name)];
    }

    private static string Root([CallerFilePath] string file = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", ".."));
}
