namespace ClientFailover.Service.Identity;

/// <summary>Names of the authentication schemes, as the settings have them.</summary>
internal static class SchemeNames
{
    /// <summary>Name and password, with each request.</summary>
    public const string Basic = "Basic";

    /// <summary>Tokens of an identity provider (OAuth 2, OpenID Connect).</summary>
    public const string Bearer = "Bearer";

    /// <summary>Kerberos.</summary>
    public const string Negotiate = "Negotiate";

    /// <summary>Client certificates of TLS.</summary>
    public const string Certificate = "Certificate";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [Basic, Bearer, Negotiate, Certificate];

    /// <summary>Reads the setting that enables schemes.</summary>
    /// <param name="text">Names, separated by commas or semicolons.</param>
    /// <returns>The names, as they were written.</returns>
    public static IReadOnlyList<string> Parse(string text) =>
        text.Split([',', ';'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>Whether the setting that enables schemes names one.</summary>
    /// <param name="text">The setting.</param>
    /// <param name="scheme">The scheme.</param>
    /// <returns>Whether it does.</returns>
    public static bool Enables(string text, string scheme) => Parse(text).Contains(scheme, StringComparer.OrdinalIgnoreCase);
}
