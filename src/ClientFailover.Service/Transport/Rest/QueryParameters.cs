using System.Collections.Frozen;
using System.Globalization;
using ClientFailover.Service.Transport.Validation;
using Google.Api;
using Google.Protobuf.Reflection;
using Microsoft.Extensions.Primitives;

namespace ClientFailover.Service.Transport.Rest;

/// <summary>
/// Responsible for the query parameters of one route. Transcoding binds every field that is not bound otherwise, by
/// its exact name, and takes what it gets; here the names are few, in any case, and a value must make sense.
/// </summary>
internal sealed class QueryParameters
{
    // From the route alone: see NamespaceScope.
    private static readonly FrozenSet<string> NeverFromQuery = FrozenSet.Create("tenant_id", "namespace_id");

    private readonly FrozenDictionary<string, FieldDescriptor> _known;

    /// <summary>Finds out which parameters a route has.</summary>
    /// <param name="request">The request's message.</param>
    /// <param name="rule">The route.</param>
    public QueryParameters(MessageDescriptor request, HttpRule rule)
    {
        _known = request.Fields.InFieldNumberOrder()
            .Where(f => f.FieldType is FieldType.String or FieldType.Int32 or FieldType.Int64)
            .Where(f => f.Name != rule.Body && !NeverFromQuery.Contains(f.Name) && !PatternOf(rule).Contains($"{{{f.Name}}}"))
            .ToFrozenDictionary(f => f.Name, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Reads the parameters and leaves only those that transcoding is to bind, under their exact names.</summary>
    /// <param name="violations">Takes what is wrong.</param>
    /// <param name="request">The request.</param>
    public void Read(ref Violations violations, HttpRequest request)
    {
        var accepted = new Dictionary<string, StringValues>(_known.Count);
        foreach (var (name, values) in request.Query)
        {
            if (!_known.TryGetValue(name, out var field))
            {
                continue;
            }

            if (values.Count != 1)
            {
                violations.Add(field.Name, field.Name, "must be given once");
            }
            else if (!IsValid(field.FieldType, values[0]))
            {
                violations.Add(field.Name, field.Name, field.FieldType == FieldType.String ? "must not be empty" : "must be a whole number");
            }
            else
            {
                accepted[field.Name] = values;
            }
        }

        request.Query = accepted.Count == 0 ? QueryCollection.Empty : new QueryCollection(accepted);
    }

    private static bool IsValid(FieldType type, string? text) => type switch
    {
        FieldType.Int32 => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _),
        FieldType.Int64 => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _),
        _ => !string.IsNullOrEmpty(text),
    };

    private static string PatternOf(HttpRule rule) => rule.PatternCase switch
    {
        HttpRule.PatternOneofCase.Get => rule.Get,
        HttpRule.PatternOneofCase.Put => rule.Put,
        HttpRule.PatternOneofCase.Post => rule.Post,
        HttpRule.PatternOneofCase.Delete => rule.Delete,
        _ => throw new ArgumentOutOfRangeException(nameof(rule), rule.PatternCase, "A route with a method that this service does not use."),
    };
}
