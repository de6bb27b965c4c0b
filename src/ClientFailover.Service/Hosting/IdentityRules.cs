using System.Globalization;
using ClientFailover.Service.Identity;
using ClientFailover.Service.Identity.Certificate;

namespace ClientFailover.Service.Hosting;

/// <summary>Responsible for telling which settings of the authentication schemes cannot work. Those of a scheme that is not enabled do not matter.</summary>
internal static class IdentityRules
{
    private static readonly TimeSpan LongestSkew = TimeSpan.FromMinutes(5);

    /// <summary>Checks every rule.</summary>
    /// <param name="options">The settings.</param>
    /// <param name="mistakes">Receives the mistakes, each in plain words.</param>
    public static void Check(ServiceOptions options, List<string> mistakes)
    {
        var names = SchemeNames.Parse(options.AuthenticationSchemes);
        if (names.Count == 0)
        {
            mistakes.Add($"AuthenticationSchemes is '{options.AuthenticationSchemes}'; it must name one at least of {string.Join(", ", SchemeNames.All)}.");
        }

        foreach (var name in names.Where(n => !SchemeNames.All.Contains(n, StringComparer.OrdinalIgnoreCase)))
        {
            mistakes.Add($"AuthenticationSchemes names '{name}'; there are {string.Join(", ", SchemeNames.All)}.");
        }

        foreach (var twice in names.GroupBy(n => n, StringComparer.OrdinalIgnoreCase).Where(g => g.Count() > 1))
        {
            mistakes.Add($"AuthenticationSchemes names '{twice.Key}' more than once.");
        }

        if (SchemeNames.Enables(options.AuthenticationSchemes, SchemeNames.Bearer))
        {
            CheckBearer(options, mistakes);
        }

        if (SchemeNames.Enables(options.AuthenticationSchemes, SchemeNames.Certificate))
        {
            CheckCertificates(options, mistakes);
        }

        if (SchemeNames.Enables(options.AuthenticationSchemes, SchemeNames.Negotiate))
        {
            CheckNegotiate(options, mistakes);
        }
    }

    private static void CheckBearer(ServiceOptions options, List<string> mistakes)
    {
        if (options.BearerAuthority.Length == 0)
        {
            mistakes.Add("BearerAuthority must be set: AuthenticationSchemes names Bearer, and tokens are judged by what their provider publishes.");
        }
        else if (!Uri.TryCreate(options.BearerAuthority, UriKind.Absolute, out var authority)
            || authority.Scheme is not ("https" or "http")
            || authority.Query.Length + authority.Fragment.Length + authority.UserInfo.Length > 0)
        {
            mistakes.Add($"BearerAuthority is '{options.BearerAuthority}'; it must be an https address without user, query and fragment.");
        }
        else if (authority.Scheme == "http" && options.BearerRequireHttps)
        {
            mistakes.Add(
                $"BearerAuthority is '{options.BearerAuthority}'; without encryption anybody in between can issue tokens. It must be an https address, unless BearerRequireHttps is false.");
        }

        if (options.BearerAudience.Length == 0)
        {
            mistakes.Add("BearerAudience must be set: else tokens that were issued for other services would be taken.");
        }

        if (options.BearerRoleClaim.Length == 0)
        {
            mistakes.Add("BearerRoleClaim must be set: it names the claim that tells a caller's roles.");
        }

        if (options.BearerClockSkew < TimeSpan.Zero || options.BearerClockSkew > LongestSkew)
        {
            mistakes.Add(string.Create(
                CultureInfo.InvariantCulture, $"BearerClockSkew is {options.BearerClockSkew:c}; it must be between 00:00:00 and {LongestSkew:c}."));
        }

        RequireSome(mistakes, (nameof(options.BearerUsers), options.BearerUsers), (nameof(options.BearerAdministrators), options.BearerAdministrators));
    }

    private static void CheckCertificates(ServiceOptions options, List<string> mistakes)
    {
        if (options.ClientCertificateIssuers.Length == 0)
        {
            mistakes.Add("ClientCertificateIssuers must be set: AuthenticationSchemes names Certificate, and only issuers that are named are trusted.");
        }
        else
        {
            try
            {
                TrustedIssuers.Read(options);
            }
            catch (Exception e) when (IssuerFiles.IsOfTheFiles(e))
            {
                mistakes.Add($"ClientCertificateIssuers or ClientCertificateRevocationList cannot be used: {e.Message}");
            }
        }

        RequireSome(
            mistakes,
            (nameof(options.ClientCertificateUsers), options.ClientCertificateUsers),
            (nameof(options.ClientCertificateAdministrators), options.ClientCertificateAdministrators));
    }

    private static void CheckNegotiate(ServiceOptions options, List<string> mistakes)
    {
        if (options.NegotiateKeytab.Length > 0 && !File.Exists(options.NegotiateKeytab))
        {
            mistakes.Add($"NegotiateKeytab is '{options.NegotiateKeytab}'; there is no such file.");
        }

        RequireSome(
            mistakes,
            (nameof(options.NegotiateUsers), options.NegotiateUsers),
            (nameof(options.NegotiateAdministrators), options.NegotiateAdministrators));
    }

    /// <summary>Nobody has a role unless the settings say who.</summary>
    private static void RequireSome(List<string> mistakes, (string Name, string Value) users, (string Name, string Value) administrators)
    {
        if (RoleMap.Parse(users.Value).Count + RoleMap.Parse(administrators.Value).Count == 0)
        {
            mistakes.Add($"{users.Name} or {administrators.Name} must be set: else nobody would have a role.");
        }
    }
}
