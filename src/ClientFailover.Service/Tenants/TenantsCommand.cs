using System.Globalization;
using ClientFailover.Service.Audit;
using ClientFailover.Service.Hosting;
using ClientFailover.Service.Identity.Commands;
using ClientFailover.Service.Transport.Validation;

namespace ClientFailover.Service.Tenants;

/// <summary>
/// Responsible for <c>tenants list|add|set|remove</c>, which changes the database while the service does not run. While it runs
/// the database is its own, and the routes under <c>/api/v1/tenants</c> do the same.
/// </summary>
internal static partial class TenantsCommand
{
    /// <summary>The first argument.</summary>
    public const string Name = "tenants";

    /// <summary>How it is used.</summary>
    public const string Usage =
        """
        tenants list                              lists tenants and their namespaces
        tenants add TENANT [NAMESPACE]            adds a tenant, or a namespace to a tenant
            --Name TEXT --Description TEXT        for people
            --MaximumGroups N --MaximumSessions N --RequestsPerSecond N
                                                  limits of the namespace; without them the settings hold
        tenants set TENANT NAMESPACE              replaces what is told of a namespace, and its limits: those options again;
                                                  what is not named is unset. Also of the default one
        tenants remove TENANT [NAMESPACE]         removes a tenant with its namespaces, or a namespace; not with groups
        Settings such as --DataDirectory may follow. The service must be stopped; while it runs, use its routes.
        """;

    private static readonly string[] Own = ["Name", "Description", "MaximumGroups", "MaximumSessions", "RequestsPerSecond"];

    /// <summary>Runs it.</summary>
    /// <param name="arguments">What follows <see cref="Name"/>.</param>
    /// <param name="directory">Where the settings file is.</param>
    /// <param name="output">Takes what was asked for.</param>
    /// <param name="error">Takes what is wrong.</param>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public static int Run(IReadOnlyList<string> arguments, string directory, TextWriter output, TextWriter error)
    {
        var ids = arguments.Skip(1).TakeWhile(a => !a.StartsWith("--", StringComparison.Ordinal)).ToList();
        var isKnown = (arguments.Count == 0 ? "" : arguments[0], ids.Count) is ("list", 0) or ("add" or "remove", 1 or 2) or ("set", 2);
        if (arguments is ["--help" or "-h"])
        {
            output.WriteLine(Usage);
            return ExitCodes.Success;
        }

        if (!isKnown)
        {
            error.WriteLine(Usage);
            return ExitCodes.InvalidSettings;
        }

        var mistakes = new List<string>();
        var (own, settings) = Split([.. arguments.Skip(1 + ids.Count)], mistakes);
        var read = SettingsReader.Read(settings, directory);
        mistakes.AddRange(read.Mistakes);
        var change = Read(ids, own, mistakes);
        if (mistakes.Count > 0)
        {
            mistakes.ForEach(m => error.WriteLine($"- {m}"));
            return ExitCodes.InvalidSettings;
        }

        try
        {
            if (arguments[0] == "list" && !Directory.Exists(read.Options.DataDirectory))
            {
                using var none = OpenToRead(null);
                return List(none, output);
            }

            DataOwner.Become(read.Options.DataDirectory);
            using var data = DataDirectory.Open(read.Options.DataDirectory);
            using var connection = arguments[0] == "list" ? OpenToRead(read.Options) : Open(read.Options);
            return arguments[0] switch
            {
                "list" => List(connection, output),
                "set" => Recorded(Make(connection, stored => Set(connection, stored, change), output, error)),
                "add" => Recorded(Make(connection, stored => Add(connection, stored, change), output, error)),
                _ => Recorded(Make(connection, stored => Remove(connection, stored, ids[0], ids.ElementAtOrDefault(1)), output, error)),
            };
        }
        catch (Exception e) when (StartupProblem.Explain(e, read.Options) is { } problem)
        {
            error.WriteLine(problem.ExitCode == ExitCodes.DataDirectoryInUse
                ? "The service runs with this data directory, and its database is its own. Use its route /api/v1/tenants, as an administrator, or stop it first."
                : problem.Message);
            return problem.ExitCode;
        }

        int Recorded(int exitCode)
        {
            var result = exitCode == ExitCodes.Success ? AuditEntry.Done : "Refused";
            CommandAudit.Record(
                read.Options,
                new AuditEntry($"tenants.{arguments[0]}", string.Join('/', ids), result, CommandUser.Name, From: null, Scheme: AuditEntry.CommandLine));
            return exitCode;
        }
    }

    private static (Dictionary<string, string> Own, List<string> Settings) Split(IReadOnlyList<string> options, List<string> mistakes)
    {
        var own = new Dictionary<string, string>();
        var settings = new List<string>();
        for (var i = 0; i < options.Count; i++)
        {
            var parts = options[i].Split('=', 2);
            if (Own.FirstOrDefault(o => $"--{o}".Equals(parts[0], StringComparison.OrdinalIgnoreCase)) is not { } name)
            {
                settings.Add(options[i]);
            }
            else if (parts.Length == 2 || i + 1 < options.Count)
            {
                own[name] = parts.Length == 2 ? parts[1] : options[++i];
            }
            else
            {
                mistakes.Add($"{parts[0]} needs a value.");
            }
        }

        return (own, settings);
    }

    /// <summary>Reads what is to be added by the rules of the routes.</summary>
    private static NamespaceRecord Read(List<string> ids, Dictionary<string, string> own, List<string> mistakes)
    {
        var limits = new V1.NamespaceLimits();
        foreach (var (name, text) in own.Where(o => o.Key is not ("Name" or "Description")))
        {
            if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value))
            {
                mistakes.Add($"{name} is '{text}'; it must be a whole number.");
                continue;
            }

            V1.NamespaceLimits.Descriptor.Fields.InDeclarationOrder()
                .First(f => f.JsonName == name).Accessor.SetValue(limits, value);
        }

        if (own.Keys.Any(k => k is not ("Name" or "Description")) && ids.Count < 2)
        {
            mistakes.Add("Limits are those of a namespace, and none is named.");
        }

        var violations = default(Violations);
        var wanted = new V1.Namespace
        {
            Id = ids.ElementAtOrDefault(1) ?? DefaultNamespace.Id,
            Name = own.GetValueOrDefault("Name") ?? "",
            Description = own.GetValueOrDefault("Description") ?? "",
            Limits = limits,
        };
        var tenant = ids.FirstOrDefault() ?? DefaultNamespace.Id;
        IdRules.Check(ref violations, tenant, "The tenant", "tenant_id");
        var record = TenantRules.Read(ref violations, tenant, wanted);
        if (violations.Any)
        {
            mistakes.Add(violations.ToFailure().Cause);
        }

        return record with { Id = ids.Count < 2 ? "" : record.Id };
    }
}
