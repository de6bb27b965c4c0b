using System.Text.Json.Serialization.Metadata;
using ClientFailover.Service.Transport.Errors;
using Google.Rpc;

namespace ClientFailover.Service.Transport.Rest;

/// <summary>
/// Responsible for the documented error body. It is the JSON form of google.rpc.Status, so that every failure has
/// it, those that transcoding reports before any code of the service runs included.
/// </summary>
internal static class ErrorResponse
{
    private static readonly string[] Unknown =
    [
        "The request cannot be read.",
        "The body is not one well-formed JSON object, or it names a member twice.",
        "Correct the request; the documentation names every member and what it allows.",
    ];

    /// <summary>Gives the status the documented members in place of its own.</summary>
    /// <param name="type">The JSON form of google.rpc.Status.</param>
    public static void Shape(JsonTypeInfo type)
    {
        type.Properties.Clear();
        Add(type, "OperationId", typeof(string), _ => OperationId.Current);
        Add(type, "Error", typeof(string), s => Sentence(s, 0));
        Add(type, "Reason", typeof(string), s => Sentence(s, 1));
        Add(type, "Resolution", typeof(string), s => Sentence(s, 2));
        Add(type, "AdditionalParameters", typeof(Dictionary<string, string>), Parameters);
    }

    private static void Add(JsonTypeInfo type, string name, System.Type propertyType, Func<Google.Rpc.Status, object> get)
    {
        var property = type.CreateJsonPropertyInfo(propertyType, name);
        property.Get = status => get((Google.Rpc.Status)status);
        type.Properties.Add(property);
    }

    // A text that is not of three lines is one of transcoding's own: about a body that it could not read.
    private static string Sentence(Google.Rpc.Status status, int index)
    {
        return IsOurs(status) ? status.Message.Split('\n')[index] : Unknown[index];
    }

    private static bool IsOurs(Google.Rpc.Status status) => status.Message.AsSpan().Count('\n') == Unknown.Length - 1;

    private static Dictionary<string, string> Parameters(Google.Rpc.Status status)
    {
        var parameters = new Dictionary<string, string> { ["Code"] = IsOurs(status) ? "REQUEST_INVALID" : "REQUEST_UNREADABLE" };
        foreach (var detail in status.Details)
        {
            if (detail.TryUnpack<ErrorInfo>(out var info))
            {
                parameters["Code"] = info.Reason;
            }
        }

        return parameters;
    }
}
